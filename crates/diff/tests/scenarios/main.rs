//! The scenarios that a comparison of schemas has to get right, one test for each, on every database that it is for.
//! The cases lie in `fixtures/scenarios`, whose README describes the format.

#![expect(
    clippy::disallowed_methods,
    reason = "a test reads files and is told by the environment which servers there are"
)]

mod case;
mod coverage;
mod entities;
mod options;
mod rows;
#[path = "../servers/mod.rs"]
mod servers;
mod trial;
mod words;

/// One test for each case of a file, one that finds a case without a test, and one that finds a scenario without a case.
macro_rules! scenarios {
    ($($group:ident { $($id:ident)* })*) => {
        $(mod $group {
            $(#[test] fn $id() { crate::trial::check(stringify!($group), stringify!($id)); })*

            #[test]
            fn every_case_has_a_test() {
                crate::case::check_ids(stringify!($group), &[$(stringify!($id)),*]);
            }
        })*

        #[test]
        fn no_scenario_is_forgotten() {
            coverage::check(&[$(stringify!($group)),*]);
        }
    };
}

scenarios! {
    tables {
        t02 t04 t05 t07 t08 t09 t10 t11 t12 t13 t14 t15 t16 t17 t18 t19 t21 t23 t24 t26 t27 t28 t29
        t31 t32 t34 t35 t36 t37 t38 t39 t40
    }
    columns {
        c01 c02 c03 c06 c07 c08 c09 c10 c12 c13 c14 c15 c16 c17 c18 c19 c20 c21
    }
    defaults {
        d01 d02 d04 d05 d06 d07 d08 d09 d10 d11 d12 d14 d15 d16 d17 d18 d19 d20 d22 d24 d25 d26 d27
        d28 d29 d30 d32 d33 d34 d35 d36 d37 d38 d39 d41 d42 d43 d44 d45 d46 d47 d48 d51 d52 d53 d54
        d55 d56
    }
    indexes {
        i02 i03 i04 i05 i07 i08 i09 i10 i11 i12 i13 i15 i16 i18 i19 i20 i21 i22 i24 i25 i26 i28 i29
        i30 i31 i32 i33 i34 i36 i38 i39 i41 i42 i43 i44 i45 i46 i47 i49 i50 i51 i52 i55 i56 i57
    }
    uniques {
        u01 u02 u03 u04 u05 u06 u07 u09 u11 u12 u13 u15 u16 u17 u18 u19 u20 u21 u23
    }
    foreign_keys {
        f01 f02 f04 f05 f06 f08 f09 f10 f13 f14 f15 f18 f21 f22 f23 f24 f26 f27 f28 f29 f30
    }
    checks {
        k01 k03 k04 k06 k08 k09 k10 m01 m02 m03 m04 m05 m06 m08 h01 h02 h03 h04 h05 h06 h07
    }
    rebuilds {
        b01 b02 b03 b04 b05 b06 b07 b08 b09 b10 b11 b15 b16 b17 b18 b19 b21 b22 b23 b24 b25 b26 b27
        b28 b29 b30 b31 b32 b33
    }
    types {
        y03 y04 y07 y09 y10 y11 y12 y13 y14 y16 y17 y18 y19 y20 y21 y23 y25 y26 y27 y29 y30 y32 y33
        y34 y36 y37 y38 y39 y40 y41 y42 y43 y44 y45 y46 y47 y48 y49 y50 y51 y52 y53 y54 y55 y57 y58
        y60 y61 y62 y63 y64 y66 y67 y68 y69 y70 y71 y72 y73
    }
}
